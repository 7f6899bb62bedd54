// Notes, in their true order, what a program writes to files, what it makes durable, and what it says to its clients.
// A test replays the notes up to any moment and leaves out what no sync had reached: what a power loss would do.
//
// Preloaded (LD_PRELOAD) with WRITE_LOG=FILE. A note is a line of its kind, the file, the place and the length, and then
// the bytes: W a write, T a new length, S everything so far is on the disk, U the name is gone, A bytes to a socket.
// An A is noted before the bytes leave, an S after the disk has answered: what lies between them is judged strictly.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *notes;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("WRITE_LOG");
    if (path) notes = fopen(path, "ae");
}

// The database and its log by name, a socket as "-"; 0 for anything else.
static int name_of(int fd, char name[PATH_MAX]) {
    struct stat status;
    if (!notes || fstat(fd, &status) != 0) return 0;
    if (S_ISSOCK(status.st_mode)) return strcpy(name, "-") != NULL;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, name, PATH_MAX - 1);
    if (length <= 0) return 0;
    name[length] = 0;
    return strstr(name, ".sqlite") != NULL && strstr(name, "-shm") == NULL;
}

static void note(char kind, const char *name, long long place, const struct iovec *parts, int count) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    pthread_mutex_lock(&lock);
    fprintf(notes, "%c %lld %zu %s\n", kind, place, length, name);
    for (int i = 0; i < count; i++) fwrite(parts[i].iov_base, 1, parts[i].iov_len, notes);
    fflush(notes);
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place) {
    ssize_t written = REAL(pwrite64)(fd, bytes, length, place);
    char name[PATH_MAX];
    if (written > 0 && name_of(fd, name)) note('W', name, place, &(struct iovec){(void *)bytes, (size_t)written}, 1);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t place) { return pwrite64(fd, bytes, length, place); }

int ftruncate64(int fd, off64_t length) {
    int result = REAL(ftruncate64)(fd, length);
    char name[PATH_MAX];
    if (result == 0 && name_of(fd, name)) note('T', name, length, NULL, 0);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fdatasync(int fd) {
    int result = REAL(fdatasync)(fd);
    char name[PATH_MAX];
    if (result == 0 && name_of(fd, name)) note('S', name, 0, NULL, 0);
    return result;
}

int fsync(int fd) {
    int result = REAL(fsync)(fd);
    char name[PATH_MAX];
    if (result == 0 && name_of(fd, name)) note('S', name, 0, NULL, 0);
    return result;
}

int unlink(const char *path) {
    int result = REAL(unlink)(path);
    if (result == 0 && notes && strstr(path, ".sqlite") && !strstr(path, "-shm")) note('U', path, 0, NULL, 0);
    return result;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char name[PATH_MAX];
    if (name_of(fd, name) && name[0] == '-') note('A', name, 0, parts, count);
    return REAL(writev)(fd, parts, count);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    char name[PATH_MAX];
    if (name_of(fd, name) && name[0] == '-') note('A', name, 0, &(struct iovec){(void *)bytes, length}, 1);
    return REAL(write)(fd, bytes, length);
}
