"""What a file really is, by kind: each module is the task of a child process (`pes.sandbox`) and answers once."""
