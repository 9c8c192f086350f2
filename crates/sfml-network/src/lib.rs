//! TCP and UDP sockets, a selector and packets in SFML's vocabulary.
