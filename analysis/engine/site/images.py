"""Alternative text for pictures in notebooks, taken from their output's metadata."""

from typing import Any, ClassVar


class AlternativeText:
    """MyST-NB renderer that gives a PNG output the ``alt`` of its metadata.

    Notebooks carry ``{"image/png": {"alt": "…"}}`` with each picture; MyST-NB alone reads width and height there.
    Registered in the group ``myst_nb.mime_renderers``.
    """

    mime_priority_overrides: ClassVar[tuple[tuple[str, str, int | None], ...]] = ()

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[Any] | None:
        """Render a PNG that has alternative text; leave every other output to MyST-NB.

        Parameters
        ----------
        renderer : myst_nb.core.render.NbElementRenderer
        data : myst_nb.core.render.MimeData
            The output.
        inline : bool
            Whether it stands in a line of text; a picture is drawn the same way.
        """
        alt = (data.output_metadata.get("image/png") or {}).get("alt")
        if data.mime_type != "image/png" or not alt:
            return None
        nodes: list[Any] = renderer.render_image(data)
        for node in nodes:
            node["alt"] = alt
        return nodes
