"""Parts of an exhibit as pictures: SVG drawn purely, turned into PNG off the event loop."""
