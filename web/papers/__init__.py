"""Drawing invoices, credit notes and packing slips as PDF."""

from web.papers.answer import answer_paper, answer_papers, answer_slip, answer_slips

__all__ = ["answer_paper", "answer_papers", "answer_slip", "answer_slips"]
