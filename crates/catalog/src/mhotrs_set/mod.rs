//! MHOTRS: peer support is not clinical work.
//! Reads activity codes only; whether a note's words describe therapy is for a person to read.

pub mod set_08;
pub mod set_09;
