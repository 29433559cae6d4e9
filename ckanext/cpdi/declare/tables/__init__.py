"""What a dataset's declaration says: fields, inputs, privacy classes, and the table they make."""
