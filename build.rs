//! Builds again when the page changes: it is embedded into the binary.

fn main() {
    println!("cargo::rerun-if-changed=web/dist");
}
