//! Journeys: the real program in its real window, with a real serial line and a gateway over real HTTP.

mod display;
mod driver;
mod page;
mod place;
mod processes;
mod scanner;
mod settings;
mod shots;
mod turns;
mod window;

mod story;
