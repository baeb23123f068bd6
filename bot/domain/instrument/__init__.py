"""An instrument in a learner's hands."""
