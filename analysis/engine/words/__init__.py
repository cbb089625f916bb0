"""Words and figures: how numbers, sentences, tables and pictures are written in the house style."""
