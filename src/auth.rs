//! Who asks: accounts, sign-ins, tokens, invitations, guests.
