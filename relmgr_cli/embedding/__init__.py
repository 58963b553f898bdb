"""The multilingual sentence encoder: texts -> vectors. No other package knows which encoder it is."""
