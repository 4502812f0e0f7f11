"""A school board's overview of its schools."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.access import BoardMember, access, current_board_membership
from matchmaker.web.board.pages import build_board_page

board = Blueprint("board", __name__)


@board.get("/bestuur/<int:membership_id>")
@access(BoardMember("membership_id"))
def show_home(membership_id: int) -> str:  # noqa: ARG001 - the access rule has loaded the role
    """Show how the board's schools are doing, those that lack most first."""
    page = build_board_page(current_board_membership())
    return render_template("board/home.html", page=page, region=page.region)
