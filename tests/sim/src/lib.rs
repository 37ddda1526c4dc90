//! A model world around the real rules and the real till: seeded, single-threaded, the same trace for the same seed.
//!
//! Start reading at [`world::run`]. What may go wrong is in [`fate`], what must never happen in [`oracle`].

pub mod calm;
pub mod exhaustive;
pub mod fate;
pub mod ground;
pub mod journeys;
pub mod oracle;
pub mod platform;
pub mod random;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod world;
