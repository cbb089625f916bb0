"""Addresses of the pages that the site makes by itself: `prefix` leads from a page to the site's root."""

#: Folder of the claims' cards, and of the code behind the verdicts.
CARDS, SOURCES = "claims", "source"


def card_page(claim_id: str, prefix: str = "") -> str:
    """Address of a claim's card, which every claim has.

    Examples
    --------
    >>> card_page("X1"), card_page("X1", "../")
    ('claims/X1.html', '../claims/X1.html')
    """
    return f"{prefix}{CARDS}/{claim_id}.html"


def source_page(module: str, prefix: str = "") -> str:
    """Address of a module's page.

    Examples
    --------
    >>> source_page("analysis.engine.words.formats")
    'source/analysis.engine.words.formats.html'
    """
    return f"{prefix}{SOURCES}/{module}.html"
