//! checkout: to be written.
