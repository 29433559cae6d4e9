"""What stands in columns of few values: code lists with proposed classes, words, flags."""
