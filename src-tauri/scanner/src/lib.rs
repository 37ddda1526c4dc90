//! scanner: to be written.
