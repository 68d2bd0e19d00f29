//! What a question comes to when something breaks on its way: models, databases, the server itself,
//! and words that mean harm. Each ends where its asker sees it, in a sentence that helps.

mod calling_off;
mod crash;
mod databases;
mod injection;
mod model;
mod models;
mod shop;
