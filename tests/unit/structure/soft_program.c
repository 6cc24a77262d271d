/* A program without any hardening, to see that the checks see it. It is never run. */
int main(void) { return 0; }
