//! Rules about the source itself: who may know whom, how large things grow, which words stay out, what guards the screen.
//!
//! Each rule is one small test whose message says why it holds. A rule that is wrong is changed here, in the open.

mod files;
mod layers;
mod limits;
mod money;
mod outside;
mod papers;
mod rust;
mod screen;
mod states;
mod words;
