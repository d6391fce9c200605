"""What is known of each massager, and its bytes. Import its modules: this one stays empty."""
