//! Journeys: the real program in its real window, with a real serial line and a gateway over real HTTP.

mod counter;
mod desk;
mod display;
mod driver;
mod exam;
mod frame;
mod keyboard;
#[path = "../secrets/marks.rs"]
mod marks;
mod page;
mod picture;
mod place;
mod processes;
mod scanner;
mod settings;
mod shots;
#[path = "../kills/stop.rs"]
mod stop;
mod storm;
mod turns;
mod window;

mod alone;
mod answers;
mod anywhere;
mod back;
mod closing;
mod customer;
mod day;
mod entries;
mod figures;
mod gallery;
mod hostile;
mod kills;
mod languages;
mod late;
mod lessons;
mod lockout;
mod pages;
mod permissions;
mod recharges;
mod recovery;
mod revival;
mod scales;
mod scans;
mod set_up;
mod settling;
mod sheets;
mod sleep;
mod starts;
mod stops;
mod story;
mod wedge;
