#include "tests/powercut/crash_disk/crash_disk.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <utility>

namespace basalt::test {
namespace {

constexpr std::size_t sector = 512;

void write_into(Content& file, std::size_t offset, const std::uint8_t* bytes, std::size_t size) {
    if (file.size() < offset + size) file.resize(offset + size);
    std::memcpy(file.data() + offset, bytes, size);
}

}  // namespace

struct CrashDisk::Impl {
    struct File {
        sqlite3_file base;
        CrashDisk* disk;
        std::size_t inode;
    };
    sqlite3_vfs vfs{};

    static File& file_of(sqlite3_file* f) { return *static_cast<File*>(static_cast<void*>(f)); }
    static Content& content_of(sqlite3_file* f) { return file_of(f).disk->inodes_[file_of(f).inode]; }
    static CrashDisk& disk_of(sqlite3_vfs* v) { return *static_cast<CrashDisk*>(v->pAppData); }

    static int close(sqlite3_file*) { return SQLITE_OK; }
    static int read(sqlite3_file* f, void* out, int size, sqlite3_int64 offset) {
        const Content& content = content_of(f);
        const auto from = std::min(content.size(), static_cast<std::size_t>(offset));
        const auto there = std::min(content.size() - from, static_cast<std::size_t>(size));
        std::memset(out, 0, static_cast<std::size_t>(size));
        if (there != 0) std::memcpy(out, content.data() + from, there);
        return there == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }
    static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 offset) {
        CrashDisk& disk = *file_of(f).disk;
        const auto* bytes = static_cast<const std::uint8_t*>(from);
        if (disk.space_) {
            if (*disk.space_ < static_cast<std::size_t>(size)) return SQLITE_FULL;
            *disk.space_ -= static_cast<std::size_t>(size);
        }
        return disk.take({Operation::Kind::write,
                          file_of(f).inode,
                          {},
                          static_cast<std::size_t>(offset),
                          Content(bytes, bytes + size)})
                   ? SQLITE_OK
                   : SQLITE_IOERR_WRITE;
    }
    static int truncate(sqlite3_file* f, sqlite3_int64 size) {
        return file_of(f).disk->take(
                   {Operation::Kind::truncate, file_of(f).inode, {}, static_cast<std::size_t>(size), {}})
                   ? SQLITE_OK
                   : SQLITE_IOERR_TRUNCATE;
    }
    static int sync(sqlite3_file* f, int) {
        return file_of(f).disk->take({Operation::Kind::sync, file_of(f).inode, {}, 0, {}}) ? SQLITE_OK
                                                                                           : SQLITE_IOERR_FSYNC;
    }
    static int size(sqlite3_file* f, sqlite3_int64* out) {
        *out = static_cast<sqlite3_int64>(content_of(f).size());
        return SQLITE_OK;
    }
    static int lock(sqlite3_file*, int) { return SQLITE_OK; }
    static int reserved(sqlite3_file*, int* out) {
        *out = 0;
        return SQLITE_OK;
    }
    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int sector_size(sqlite3_file*) { return static_cast<int>(sector); }
    static int characteristics(sqlite3_file*) { return 0; }

    static int open(sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags, int* out_flags) {
        // Version 1 of the methods has no shared memory: a database here must be in exclusive mode, as ours are.
        static constexpr sqlite3_io_methods methods{
            1,           close,           read,    write,   truncate, sync,    size,    lock,   lock, reserved, control,
            sector_size, characteristics, nullptr, nullptr, nullptr,  nullptr, nullptr, nullptr};
        f->pMethods = nullptr;
        CrashDisk& disk = disk_of(v);
        const std::string name = path != nullptr ? path : "temporary";
        if (!disk.names_.contains(name)) {
            if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
            if (!disk.take({Operation::Kind::create, disk.inodes_.size(), name, 0, {}})) return SQLITE_CANTOPEN;
        }
        File& file = *new (f) File{{&methods}, &disk, disk.names_.at(name)};
        if (out_flags != nullptr) *out_flags = flags;
        (void)file;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* v, const char* path, int) {
        CrashDisk& disk = disk_of(v);
        const auto at = disk.names_.find(path);
        if (at == disk.names_.end()) return SQLITE_IOERR_DELETE_NOENT;
        return disk.take({Operation::Kind::remove, at->second, path, 0, {}}) ? SQLITE_OK : SQLITE_IOERR_DELETE;
    }
    static int access(sqlite3_vfs* v, const char* path, int, int* out) {
        *out = disk_of(v).names_.contains(path) ? 1 : 0;
        return SQLITE_OK;
    }
    static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
        sqlite3_snprintf(size, out, "%s", path);
        return SQLITE_OK;
    }
    static int randomness(sqlite3_vfs*, int size, char* out) {
        sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
        return real->xRandomness(real, size, out);
    }
    static int sleep(sqlite3_vfs*, int) { return SQLITE_OK; }
    static int time(sqlite3_vfs*, double* out) {
        *out = 2'461'000.5;  // any day: nothing here depends on it
        return SQLITE_OK;
    }
    static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

CrashDisk::CrashDisk(const DiskImage& image) : begin_(image), impl_(std::make_unique<Impl>()) {
    // SQLite finds a VFS by its name, which must be another for each disk that lives.
    name_ = "crash-disk-" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
    for (const auto& [file, content] : image) {
        names_[file] = inodes_.size();
        inodes_.push_back(content);
    }
    sqlite3_vfs& vfs = impl_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(Impl::File);
    vfs.mxPathname = 512;
    vfs.zName = name_.c_str();
    vfs.pAppData = this;
    vfs.xOpen = Impl::open;
    vfs.xDelete = Impl::remove;
    vfs.xAccess = Impl::access;
    vfs.xFullPathname = Impl::full_path;
    vfs.xRandomness = Impl::randomness;
    vfs.xSleep = Impl::sleep;
    vfs.xCurrentTime = Impl::time;
    vfs.xGetLastError = Impl::last_error;
    sqlite3_initialize();
    sqlite3_vfs_register(&vfs, 0);
}

CrashDisk::~CrashDisk() { sqlite3_vfs_unregister(&impl_->vfs); }

DiskImage CrashDisk::image() const {
    DiskImage image;
    for (const auto& [file, inode] : names_) image[file] = inodes_[inode];
    return image;
}

bool CrashDisk::take(Operation operation) {
    if (alive_for_) {
        if (*alive_for_ == 0) return false;
        --*alive_for_;
    }
    switch (operation.kind) {
        case Operation::Kind::create:
            names_[operation.name] = inodes_.size();
            inodes_.emplace_back();
            break;
        case Operation::Kind::write:
            write_into(inodes_[operation.inode], operation.offset, operation.bytes.data(), operation.bytes.size());
            break;
        case Operation::Kind::truncate:
            inodes_[operation.inode].resize(operation.offset);
            break;
        case Operation::Kind::sync:
            break;
        case Operation::Kind::remove:
            names_.erase(operation.name);
            break;
    }
    operations_.push_back(std::move(operation));
    return true;
}

namespace {

/// The disk as it goes from operation to operation: what is surely there, and what is still on its way.
class Model {
  public:
    explicit Model(const DiskImage& begin) {
        for (const auto& [file, content] : begin) {
            names_[file] = safe_.size();
            safe_.push_back(content);
        }
        pending_.resize(safe_.size());
    }

    void apply(const Operation& operation) {
        switch (operation.kind) {
            case Operation::Kind::create:
                safe_.emplace_back();
                pending_.emplace_back();
                directory_.push_back(&operation);
                break;
            case Operation::Kind::remove:
                directory_.push_back(&operation);
                break;
            case Operation::Kind::write:
            case Operation::Kind::truncate:
                pending_[operation.inode].push_back(&operation);
                break;
            case Operation::Kind::sync:
                for (const Operation* p : pending_[operation.inode]) whole(safe_[operation.inode], *p);
                pending_[operation.inode].clear();
                // The system's layer syncs the folder with the first sync of a new journal or WAL; all our files share
                // it.
                for (const Operation* d : directory_) change(names_, *d);
                directory_.clear();
                break;
        }
    }

    DiskImage cut(Survivors survivors, std::mt19937_64& random) const {
        auto names = names_;
        // A folder's changes reach the disk in their order: it is some first part of them that is there.
        std::size_t kept = survivors == Survivors::none ? 0 : directory_.size();
        if (survivors == Survivors::some) kept = random() % (directory_.size() + 1);
        for (std::size_t i = 0; i < kept; ++i) change(names, *directory_[i]);
        DiskImage image;
        for (const auto& [file, inode] : names) {
            Content content = safe_[inode];
            for (const Operation* p : pending_[inode]) {
                if (survivors == Survivors::all) whole(content, *p);
                if (survivors == Survivors::some) torn(content, *p, random);
            }
            image[file] = std::move(content);
        }
        return image;
    }

  private:
    static void change(std::map<std::string, std::size_t>& names, const Operation& operation) {
        if (operation.kind == Operation::Kind::create)
            names[operation.name] = operation.inode;
        else
            names.erase(operation.name);
    }
    static void whole(Content& content, const Operation& operation) {
        if (operation.kind == Operation::Kind::truncate)
            content.resize(operation.offset);
        else
            write_into(content, operation.offset, operation.bytes.data(), operation.bytes.size());
    }
    static void torn(Content& content, const Operation& operation, std::mt19937_64& random) {
        const auto fate = random() % 3;  // lost, whole, or some of its sectors
        if (fate == 0) return;
        if (fate == 1 || operation.kind == Operation::Kind::truncate) return whole(content, operation);
        for (std::size_t at = 0; at < operation.bytes.size();) {
            const std::size_t end =
                std::min(operation.bytes.size(), ((operation.offset + at) / sector + 1) * sector - operation.offset);
            if (random() % 2 == 0) write_into(content, operation.offset + at, operation.bytes.data() + at, end - at);
            at = end;
        }
    }

    std::map<std::string, std::size_t> names_;
    std::vector<Content> safe_;
    std::vector<std::vector<const Operation*>> pending_;
    std::vector<const Operation*> directory_;
};

}  // namespace

void cut_everywhere(const CrashDisk& disk, std::uint64_t seed, int subsets, std::size_t first,
                    const std::function<void(std::size_t at, const DiskImage& image)>& look) {
    std::mt19937_64 random{seed};
    Model model{disk.begun_with()};
    const auto& operations = disk.operations();
    for (std::size_t at = 0; at <= operations.size(); ++at) {
        if (at >= first) {
            look(at, model.cut(Survivors::none, random));
            look(at, model.cut(Survivors::all, random));
            for (int i = 0; i < subsets; ++i) look(at, model.cut(Survivors::some, random));
        }
        if (at < operations.size()) model.apply(operations[at]);
    }
}

}  // namespace basalt::test
