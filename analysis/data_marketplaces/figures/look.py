"""What the figures of the chapter share."""

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE

#: Colour of the vertical.
COLOUR = chapter_colour("data_marketplaces")
#: Look of the asserted value, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": (0, (4, 3))}
#: Marker by who says it.
MARKERS = {"others": "o", "holder": "D", "project": "s"}
