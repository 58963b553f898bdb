"""Language tags and names, language negotiation, language detection, tokenization."""
