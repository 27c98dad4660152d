/* load: the two figures of `make bench` that need a generator cheaper than what it measures.
 *
 *   load fsync FILE SECONDS
 *       appends 2 KB (and ATTACHMENT, see below) and calls fdatasync, again and again: what the disk allows at most.
 *   load smtp HOST PORT CONNECTIONS SECONDS RATE RECIPIENT SENDER…
 *       hands in 2 KB messages over CONNECTIONS connections, pipelined as RFC 2920 allows (the next envelope rides with
 *       the end of the last message), RATE a second in all (0: as fast as they are taken), senders in turn. The variable
 *       ATTACHMENT in the environment adds so many bytes of lines, as an attachment would (0).
 *
 * One line of JSON on standard output; 1 as exit status when anything was refused.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 2048, MAX_SAMPLES = 1 << 20 };

static size_t attachment;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int raw_syncs(const char *path, double seconds) {
    size_t size = MESSAGE_BYTES + attachment;
    char *block = malloc(size);
    if (!block) die("malloc");
    memset(block, 'a', size);
    int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    if (file < 0) die(path);
    long count = 0;
    double start = now(), spent;
    do {
        if (write(file, block, size) != (ssize_t)size) die("write");
        if (fdatasync(file)) die("fdatasync");
        count++;
    } while ((spent = now() - start) < seconds);
    close(file);
    free(block);
    unlink(path);
    printf("{\"syncs\":%ld,\"seconds\":%.3f,\"perSecond\":%.1f}\n", count, spent, count / spent);
    return 0;
}

struct sender {
    pthread_t thread;
    struct sockaddr_in address;
    int number;
    double start, end, interval; /* interval: seconds between two messages of this connection, 0: none */
    const char *recipient;
    char **from;
    int froms;
    long accepted, refused;
    float *latency; /* from the final dot to its answer */
    char last_refusal[256];
    /* what was read and not yet looked at */
    char buffer[8192];
    size_t filled;
};

/* Reads one whole reply and answers its code; the text of a refusal is kept. */
static int reply(struct sender *s, int socket) {
    for (;;) {
        char *line = s->buffer, *newline;
        while ((newline = memchr(line, '\n', s->buffer + s->filled - line))) {
            int last = newline - line < 4 || line[3] != '-';
            int code = atoi(line);
            if (last && code >= 400) snprintf(s->last_refusal, sizeof s->last_refusal, "%.*s", (int)(newline - line - 1), line);
            line = newline + 1;
            if (last) {
                s->filled = s->buffer + s->filled - line;
                memmove(s->buffer, line, s->filled);
                return code;
            }
        }
        if (s->filled == sizeof s->buffer) return 0;
        ssize_t n = read(socket, s->buffer + s->filled, sizeof s->buffer - s->filled);
        if (n <= 0) return 0;
        s->filled += n;
    }
}

static int envelope(struct sender *s, long index, char *into, size_t size) {
    return snprintf(into, size, "MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n", s->from[index % s->froms], s->recipient);
}

static int message(struct sender *s, long index, char *into, size_t size) {
    static const char *lines = "Phone: +1 575 555 0142\r\nProject: Plant overview\r\nSite: Main works\r\nUrgency: 3\r\n"
                               "Environment: Windows Server 2022, patched on Tuesday night\r\n\r\n";
    int n = snprintf(into, size,
                     "From: <%s>\r\nTo: <%s>\r\nSubject: Trend page stays empty, case %d-%ld\r\n"
                     "Message-ID: <%d.%ld.%ld@bench.example>\r\nDate: Tue, 10 Mar 2026 14:05:00 +0000\r\n"
                     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s",
                     s->from[index % s->froms], s->recipient, s->number, index, s->number, index, (long)getpid(), lines);
    while (n < MESSAGE_BYTES - 80) n += snprintf(into + n, size - n, "Since the patch the trend page of line %ld shows no data, the others are fine.\r\n", index);
    static const char line[] = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n";
    for (size_t left = attachment; left >= sizeof line - 1; left -= sizeof line - 1, n += sizeof line - 1) memcpy(into + n, line, sizeof line - 1);
    return n + snprintf(into + n, size - n, ".\r\n");
}

/* Whether all of it went out. */
static int written(int socket, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t n = write(socket, bytes, size);
        if (n <= 0) return 0;
        bytes += n;
        size -= n;
    }
    return 1;
}

static void *send_all(void *argument) {
    struct sender *s = argument;
    size_t room = MESSAGE_BYTES * 2 + attachment;
    char *out = malloc(room);
    if (!out) die("malloc");
    int sock = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (sock < 0 || connect(sock, (struct sockaddr *)&s->address, sizeof s->address)) die("connect");
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (reply(s, sock) != 220) goto lost;
    dprintf(sock, "EHLO bench.example\r\n");
    if (reply(s, sock) != 250) goto lost;

    long index = 0;
    int size = envelope(s, index, out, room);
    if (!written(sock, out, size)) goto lost;
    for (double next = s->start;; index++) {
        if (reply(s, sock) != 250 || reply(s, sock) != 250 || reply(s, sock) != 354) goto lost;
        if (s->interval > 0) {
            double wait = (next += s->interval) - now();
            if (wait > 0) usleep((useconds_t)(wait * 1e6));
        }
        size = message(s, index, out, room);
        int last = now() >= s->end;
        if (!last) size += envelope(s, index + 1, out + size, room - size);
        double sent = now();
        if (!written(sock, out, size)) goto lost;
        int code = reply(s, sock);
        if (code == 250) {
            if (s->accepted < MAX_SAMPLES) s->latency[s->accepted] = (float)(now() - sent);
            s->accepted++;
        } else if (code) {
            s->refused++;
        } else {
            goto lost;
        }
        if (last) break;
    }
    dprintf(sock, "QUIT\r\n");
    close(sock);
    free(out);
    return NULL;
lost:
    if (!s->last_refusal[0]) snprintf(s->last_refusal, sizeof s->last_refusal, "the connection was lost");
    s->refused++;
    close(sock);
    free(out);
    return NULL;
}

static int by_value(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static int mail(int count, char **arguments) {
    if (count < 7) return 2;
    int connections = atoi(arguments[2]);
    double seconds = atof(arguments[3]), rate = atof(arguments[4]);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1]))};
    if (inet_pton(AF_INET, arguments[0], &address.sin_addr) != 1 || connections < 1 || connections > 1000) return 2;
    struct sender *senders = calloc(connections, sizeof *senders);
    double start = now();
    for (int i = 0; i < connections; i++) {
        senders[i] = (struct sender){
            .address = address, .number = i, .start = start, .end = start + seconds, .interval = rate > 0 ? connections / rate : 0,
            .recipient = arguments[5], .from = arguments + 6, .froms = count - 6, .latency = malloc(sizeof(float) * MAX_SAMPLES)};
        if (pthread_create(&senders[i].thread, NULL, send_all, &senders[i])) die("pthread_create");
    }
    long accepted = 0, refused = 0, samples = 0;
    const char *refusal = "";
    for (int i = 0; i < connections; i++) {
        pthread_join(senders[i].thread, NULL);
        accepted += senders[i].accepted;
        refused += senders[i].refused;
        if (senders[i].refused) refusal = senders[i].last_refusal;
    }
    double spent = now() - start;
    float *all = malloc(sizeof(float) * (accepted + 1));
    for (int i = 0; i < connections; i++)
        for (long k = 0; k < senders[i].accepted && k < MAX_SAMPLES; k++) all[samples++] = senders[i].latency[k];
    qsort(all, samples, sizeof *all, by_value);
    if (refused) fprintf(stderr, "load: %ld refused, last: %s\n", refused, refusal);
    printf("{\"accepted\":%ld,\"refused\":%ld,\"seconds\":%.3f,\"perSecond\":%.1f,\"p50ms\":%.3f,\"p99ms\":%.3f}\n", accepted, refused, spent,
           accepted / spent, samples ? all[samples / 2] * 1e3 : 0, samples ? all[samples * 99 / 100] * 1e3 : 0);
    return refused ? 1 : 0;
}

int main(int count, char **arguments) {
    const char *given = getenv("ATTACHMENT");
    attachment = given ? (size_t)atol(given) : 0;
    if (count == 4 && !strcmp(arguments[1], "fsync")) return raw_syncs(arguments[2], atof(arguments[3]));
    if (count > 2 && !strcmp(arguments[1], "smtp")) {
        int status = mail(count - 2, arguments + 2);
        if (status != 2) return status;
    }
    fprintf(stderr, "usage: load fsync FILE SECONDS | load smtp HOST PORT CONNECTIONS SECONDS RATE RECIPIENT SENDER...\n");
    return 2;
}
