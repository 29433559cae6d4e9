"""What a tree is written as, a file each."""
