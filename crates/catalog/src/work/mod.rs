//! Work: whether somebody worked here on the day of a contact.
//! Knows no guidance; it holds the agency to its own records of who was engaged when.

pub mod work_01;
