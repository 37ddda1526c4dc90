//! Journeys: the real program in its real window, with a real serial line and a gateway over real HTTP.

mod desk;
mod display;
mod driver;
mod exam;
mod page;
mod picture;
mod place;
mod processes;
mod scanner;
mod settings;
mod shots;
mod turns;
mod window;

mod answers;
mod back;
mod day;
mod entries;
mod figures;
mod gallery;
mod kills;
mod languages;
mod late;
mod lessons;
mod lockout;
mod permissions;
mod recharges;
mod recovery;
mod revival;
mod scans;
mod settling;
mod sheets;
mod starts;
mod story;
