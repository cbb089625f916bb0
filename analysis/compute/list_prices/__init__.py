"""List prices by kind of provider, as a hedonic regression and an index; they decide no verdict."""
