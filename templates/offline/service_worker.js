{% load static %}importScripts("{% static 'js/worker.js' %}");
