//! What a person may do: each function checks who asks, and then gives the order.
