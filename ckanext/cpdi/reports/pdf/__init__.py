"""What is done with a PDF, inside the process of that file: cleaned by pikepdf, read and pictured by pdfium."""
