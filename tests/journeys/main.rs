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

mod answers;
mod back;
mod entries;
mod figures;
mod gallery;
mod kills;
mod languages;
mod lessons;
mod permissions;
mod recharges;
mod scans;
mod starts;
mod story;
