"""The page behind the twelve: what owners wrote of their measures, each in the order of an exception."""

from __future__ import annotations

from perfpipe.measures.words import capital
from perfpipe.packs.content.pages.texts import paragraph, plain, several, strong
from perfpipe.packs.models.blocks import BoardPage, Heading, Manner, Terms
from perfpipe.packs.models.commentary import COMMENTARY, QUESTION, OwnersCommentary, OwnersWords


def commentary_page(commentary: OwnersCommentary, number: int) -> BoardPage | None:
    """The page; None where nobody wrote."""
    if not commentary.words:
        return None
    without = "; ".join(commentary.without)
    return BoardPage(
        COMMENTARY,
        number,
        "What owners say",
        capital(f"owners explain {several(len(commentary.words), 'measure')}"),
        (
            paragraph(commentary.note, Manner.LEDE),
            *map(_terms, commentary.words),
            *(
                (Heading("Off target or worse, without commentary"), paragraph(f"{without}.", Manner.NOTE))
                if without
                else ()
            ),
        ),
    )


def _terms(words: OwnersWords) -> Terms:
    told = (("What", words.sentence), ("For the child", words.for_the_child), *words.terms)
    every = ((term, (strong(said),) if term == QUESTION else plain(said)) for term, said in told)
    return Terms(tuple(every), words.title, words.note)
