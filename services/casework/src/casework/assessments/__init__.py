"""What a child and a family need, under seven headings, and how it is understood."""
