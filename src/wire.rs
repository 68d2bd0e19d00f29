//! What clients see: the shapes of the API and of the sockets, converted at this edge.
