//! Whole calls against local servers that speak both ways.
