"""A seeded simulation of workers: invented families, their courses, and who plays them."""
