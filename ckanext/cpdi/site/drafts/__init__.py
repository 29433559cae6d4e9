"""Parts of the pages about drafts of profiles."""
