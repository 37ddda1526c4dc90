//! till: to be written.
