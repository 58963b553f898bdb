"""Files -> documents -> articles -> alignment. Pure: no SQL, no terminal."""
