"""Rules by what they are about, for saying which of them fit a mutation."""

from __future__ import annotations


def rules(text: str) -> frozenset[str]:
    """Rule names, separated by spaces."""
    return frozenset(text.split())


DATES = rules(
    "no_such_date date_unreadable time_unreadable date_out_of_bounds month_unreadable time_does_not_exist "
    "date_order_unclear date_order_contradicted dates_swapped dates_mixed extract_time_missing column_unreadable"
)
DATE_SENSE = rules(
    "ceased_before_started return_before_missing return_after_extract interview_before_found interview_after_extract "
    "left_before_started aged_18_or_over started_before_birth started_after_extract ceased_after_extract "
    "overlapping_episodes made_before_month no_records_in_month records_after_extract month_row_missing "
    "history_vanished not_followed_up row_count_moved ceased_on_its_first_day no_usable_rows "
    "missing_after_extract born_after_missing offered_after_extract qualified_after_start started_in_future "
    "month_after_extract records_after_month dates_in_future dates_from_1904 born_after_extract found_after_extract "
    "missing_child_born_after_extract spell_after_extract qualified_after_extract referral_after_extract "
    "assessment_after_extract seen_after_extract stage_1_ended_after_extract stage_2_started_after_extract "
    "withdrawn_after_extract"
)
VALUES = rules(
    "value_missing code_unknown error_cell formula_without_value number_unreadable number_too_small number_not_whole "
    "identifier_unreadable identifier_inexact identifier_odd no_usable_rows column_unreadable"
)
COLUMNS = rules(
    "column_missing column_unmapped column_repeated column_added column_dropped column_renamed column_retyped "
    "column_emptied header_missing sheet_missing sheet_ambiguous cell_without_header header_merged "
    "cells_merged merged_cells"
)
KEYS = rules("row_repeated key_repeated")
ROWS = rules(
    "totals_row_undeclared footnote leading_zeros_lost header_repeated value_missing cell_without_header rows_hidden"
)
FILE = rules(
    "not_readable not_a_workbook empty_file encrypted too_large too_slow parser_died format_unknown encoding "
    "csv_damaged row_ragged file_incomplete file_being_written header_missing unsafe_package member_repeated "
    "package_unsafe text_garbled encoding_found_out last_line_unfinished file_cut_short delimiter_ambiguous not_text "
)
ARRIVAL = rules(
    "same_file_again same_records nothing_changed equal_claim empty_extract no_records_in_month made_before_month "
    "month_row_missing records_after_extract row_count_moved not_followed_up history_vanished file_not_recognised"
)
IDS = rules(
    "leading_zeros_lost leading_zeros_lost_since column_unreadable identifier_inexact "
    "identifier_unreadable column_retyped identifier_odd not_followed_up"
)
ANYTHING = DATES | DATE_SENSE | VALUES | COLUMNS | KEYS | ROWS | FILE | ARRIVAL | IDS
