"""The case of a child: its episodes, how it stands, its closing."""
