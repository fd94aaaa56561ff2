package link

import "sync"

// laneLimit bounds the callbacks of one kind that wait for the device. A hub
// keeps at most 50 cloud-to-device messages for a device.
const laneLimit = 64

// lane runs callbacks of one kind one at a time and in order, on a goroutine
// that lives only while there is work.
type lane struct {
	mu    sync.Mutex
	queue []func()
	idle  chan struct{} // nil or closed when nothing runs
}

// post queues a callback. It reports false, and does nothing, when too many wait.
func (l *lane) post(job func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) >= laneLimit {
		return false
	}
	l.queue = append(l.queue, job)
	if l.idle == nil {
		l.idle = make(chan struct{})
		go l.run()
	}
	return true
}

func (l *lane) run() {
	for {
		job := l.take()
		if job == nil {
			return
		}
		job()
	}
}

func (l *lane) take() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		close(l.idle)
		l.idle, l.queue = nil, nil
		return nil
	}
	job := l.queue[0]
	l.queue = l.queue[1:]
	return job
}

// drop forgets what has not begun.
func (l *lane) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = nil
}

// done is closed once nothing runs.
func (l *lane) done() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.idle != nil {
		return l.idle
	}
	none := make(chan struct{})
	close(none)
	return none
}
