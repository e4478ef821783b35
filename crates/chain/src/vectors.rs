//! The frozen test vectors of `FORMAT.md`, made anew from the code so that they can be compared.
//! It refuses to be a JSON library: it prints one fixed shape, and `vectors.json` only ever grows.
