"""Answers -> lines on a terminal or JSON. With the reader the only package that knows rich."""
