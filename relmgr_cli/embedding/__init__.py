"""The multilingual sentence encoder: words and passages -> vectors. The only place that knows which one it is."""
