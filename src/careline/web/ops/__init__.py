"""What whoever runs the installation looks at: is it alive, is it ready, how is it doing."""
