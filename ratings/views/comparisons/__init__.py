from ratings.views.comparisons.pages import list_behind, list_comparisons, view_comparison

__all__ = ["list_behind", "list_comparisons", "view_comparison"]
